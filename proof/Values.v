(* The values of a program, all at once: each is what its operation makes of the values, so that no
   list of those before it is needed. A chain of operations is then followed by rewriting, from the
   last one back. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary.
Import ListNotations.
Open Scope Z_scope.

(* ---- indices ---- *)

(* A box of one axis. *)
Lemma box1 m : box [m] = map (fun k => [k]) (seq 0 m).
Proof. simpl. induction (seq 0 m); simpl; congruence. Qed.

(* A box of two axes, row by row. *)
Lemma box2 n m : box [n; m] = flat_map (fun i => map (fun k => [i; k]) (seq 0 m)) (seq 0 n).
Proof.
  change (box [n; m]) with (flat_map (fun k => map (cons k) (box [m])) (seq 0 n)).
  rewrite box1. induction (seq 0 n); simpl; auto.
  now rewrite map_map, IHl.
Qed.

(* A sum over no axis. *)
Lemma zsum_box0 (f : idx -> Z) : zsum (map f (box [])) = f [].
Proof. simpl. lia. Qed.

(* A sum over one axis. *)
Lemma zsum_box1 m (f : idx -> Z) : zsum (map f (box [m])) = bigsum m (fun k => f [k]).
Proof. rewrite box1, map_map. reflexivity. Qed.

(* When an index is in a box of one axis. *)
Lemma inb1 n i : (i < n)%nat -> inb [n] [i] = true.
Proof. intro. simpl. now rewrite (proj2 (Nat.ltb_lt i n)). Qed.

(* When an index is in a box of two axes. *)
Lemma inb2 n m i j : (i < n)%nat -> (j < m)%nat -> inb [n; m] [i; j] = true.
Proof.
  intros. simpl.
  now rewrite (proj2 (Nat.ltb_lt i n)), (proj2 (Nat.ltb_lt j m)).
Qed.

(* When an index is in a box of three axes. *)
Lemma inb3 n m k i j l :
  (i < n)%nat -> (j < m)%nat -> (l < k)%nat -> inb [n; m; k] [i; j; l] = true.
Proof.
  intros. simpl.
  now rewrite (proj2 (Nat.ltb_lt i n)), (proj2 (Nat.ltb_lt j m)), (proj2 (Nat.ltb_lt l k)).
Qed.

(* The length of an axis. *)
Lemma length_n n : peval pn n = n.
Proof. simpl. lia. Qed.
Lemma length_c k n : peval [k] n = k.
Proof. simpl. lia. Qed.

(* Evaluates shapes; sees that an index is in range. *)
Ltac lengths := unfold dims; cbn [map]; rewrite ?length_n, ?length_c.
Ltac inside := lengths; first [apply inb3 | apply inb2 | apply inb1]; auto; nia.

(* ---- operations in sequence ---- *)

(* The first operation of a program is its first value. *)
Lemma sems_cons n o r env : sems n (o :: r) env = sems n r (env ++ [sem1 n env o]).
Proof. reflexivity. Qed.

(* Names the value of the next operation of a program in the goal. The step is a rewrite, not a
   conversion: that one would unfold all operations, each with all those before it. *)
Ltac next t :=
  rewrite sems_cons;
  lazymatch goal with
  | |- context [sems ?n ?r (?env ++ [?s])] => set (t := s); cbn [app]
  end.

(* Names the value of the next operation, after values that are not known one by one. *)
Ltac after t :=
  rewrite sems_cons;
  lazymatch goal with
  | |- context [sems ?n ?r (?env ++ [?s])] => set (t := s); rewrite <- ?app_assoc; cbn [app]
  end.

(* Operations after others continue with their values. *)
Lemma sems_app n l : forall r env, sems n (l ++ r) env = sems n r (sems n l env).
Proof. induction l; intros; simpl; auto. Qed.

(* There are as many values as there were, and one for each operation. *)
Lemma sems_length n ops : forall env, length (sems n ops env) = (length env + length ops)%nat.
Proof.
  induction ops as [| o ops IH]; intro env; cbn [sems length]; [lia |].
  rewrite IH, app_length. cbn [length]. lia.
Qed.

(* The values before stay. *)
Lemma sems_before n ops : forall env, exists l, sems n ops env = env ++ l.
Proof.
  induction ops as [| o ops IH]; intro env; cbn [sems]; [exists []; now rewrite app_nil_r |].
  destruct (IH (env ++ [sem1 n env o])) as [l ->]. rewrite <- app_assoc. eauto.
Qed.

(* Each of them has its number. *)
Lemma sems_old n ops env k : (k < length env)%nat ->
  nth k (sems n ops env) tnone = nth k env tnone.
Proof. intro K. destruct (sems_before n ops env) as [l ->]. now apply app_nth1. Qed.

(* ---- all values at once ---- *)

(* The numbers of the values that an operation reads. *)
Definition reads (o : op) : list nat :=
  match o with
  | OSum _ _ _ _ _ a | OStep _ _ a | OMax _ _ _ _ a => [a]
  | OAdd a b | OCon _ _ _ _ a b | OQuo _ _ _ a b => [a; b]
  end.

(* An operation depends on them only. *)
Lemma sem1_reads n env env' o :
  (forall k, In k (reads o) -> nth k env tnone = nth k env' tnone) -> sem1 n env o = sem1 n env' o.
Proof.
  destruct o; cbn [reads sem1]; intro H; rewrite ?(H a), ?(H b) by (simpl; auto); reflexivity.
Qed.

(* The values E have those of ops from number a on. *)
Definition values (n : nat) (E : list tensor) (a : nat) (ops : list op) : Prop :=
  forall k o, nth_error ops k = Some o -> nth (a + k) E tnone = sem1 n E o.

(* The operations, the first of which has number a, read what was there before. *)
Fixpoint ordered (a : nat) (ops : list op) : Prop :=
  match ops with
  | [] => True
  | o :: r => (forall k, In k (reads o) -> (k < a)%nat) /\ ordered (S a) r
  end.

(* What a program makes has the values of its operations. *)
Lemma sems_values n ops : forall env, ordered (length env) ops ->
  values n (sems n ops env) (length env) ops.
Proof.
  induction ops as [| o ops IH]; intros env O k o' K; [now destruct k |].
  destruct O as [R O].
  cbn [sems]. set (env1 := env ++ [sem1 n env o]).
  assert (L : length env1 = S (length env)) by (unfold env1; rewrite app_length; simpl; lia).
  destruct k as [| k].
  - injection K as <-. rewrite Nat.add_0_r, sems_old by lia.
    unfold env1 at 1. rewrite nth_middle. apply sem1_reads.
    intros j J. specialize (R j J). rewrite sems_old by lia.
    unfold env1. now rewrite app_nth1.
  - replace (length env + S k)%nat with (length env1 + k)%nat by lia.
    apply IH; [now rewrite L | exact K].
Qed.
Print Assumptions sems_values.

(* Lists one after another are ordered if each of them is. *)
Lemma ordered_app l : forall a r,
  ordered a l -> ordered (a + length l) r -> ordered a (l ++ r).
Proof.
  induction l as [| o l IH]; intros a r H R; cbn [app length ordered] in *.
  - now rewrite Nat.add_0_r in R.
  - destruct H as [O H]. split; auto. apply IH; auto.
    now replace (S a + length l)%nat with (a + S (length l))%nat by lia.
Qed.

(* Sees that the operations of a list read what was there before. *)
Ltac in_order :=
  cbn [ordered]; repeat split;
  let K := fresh in intros ? K; cbn in K; repeat destruct K as [<- | K]; solve [easy | cbn; lia].

(* The values of operations one after another. *)
Lemma values_app n E l : forall a r,
  values n E a (l ++ r) <-> values n E a l /\ values n E (a + length l) r.
Proof.
  intros a r. split.
  - intro H. split; intros k o K.
    + apply H. rewrite nth_error_app1; auto. apply nth_error_Some. congruence.
    + rewrite <- Nat.add_assoc. apply H. rewrite nth_error_app2 by lia.
      now replace (length l + k - length l)%nat with k by lia.
  - intros [A B] k o K. destruct (Nat.lt_ge_cases k (length l)) as [C | C].
    + apply A. now rewrite nth_error_app1 in K.
    + replace (a + k)%nat with (a + length l + (k - length l))%nat by lia.
      apply B. now rewrite nth_error_app2 in K.
Qed.

(* An element of a product that sums over no axis. *)
Lemma product_element n E sh fa fb a b i : inb (dims n sh) i = true ->
  snd (sem1 n E (OCon sh [] fa fb a b)) i =
    snd (nth a E tnone) (imap fa i) * snd (nth b E tnone) (imap fb i).
Proof.
  intro I. cbn [sem1 snd]. rewrite table_eq, I. unfold dims. cbn [map].
  now rewrite zsum_box0, app_nil_r.
Qed.
Ltac multiply := rewrite product_element by inside; cbn [imap map ieval nth].

(* ---- elements of operations ---- *)

(* A quotient is what it is meant to be if the denominator is positive. *)
Lemma quotient_pos lo m num den :
  0 < den -> quotient lo m num den = clip lo (lo + Z.of_nat m) (num / den).
Proof. intro D. unfold quotient. now rewrite (proj2 (Z.ltb_lt 0 den)). Qed.

(* An element of a weighted sum. *)
Lemma sum_sem n env osh ssh w c f a i : inb (dims n osh) i = true ->
  snd (sem1 n env (OSum osh ssh w c f a)) i =
  cval c n i +
    zsum (map (fun e => cval w n (i ++ e) * snd (nth a env tnone) (imap f (i ++ e)))
    (box (dims n ssh))).
Proof. intro H. simpl. now rewrite table_eq, H. Qed.

(* An element of a weighted sum over no axis. *)
Lemma one_sem n env osh k c f a i : inb (dims n osh) i = true ->
  snd (sem1 n env (OSum osh [] (CK k) (CK c) f a)) i = c + k * snd (nth a env tnone) (imap f i).
Proof.
  intro H. rewrite sum_sem by auto. unfold dims at 1.
  cbn [map]. rewrite zsum_box0, app_nil_r. reflexivity.
Qed.

(* An element of an operation that gathers or scales, whose text is in the goal. *)
Ltac one :=
  rewrite one_sem by inside; cbn [nth imap map ieval]; rewrite ?Z.mul_1_l, ?Z.add_0_l.

(* An element of a gather, wherever the expressions lead. A chain of gathers is met by rewriting
   with this, since expressions are computed. *)
Lemma gather_element n E sh f a i : inb (dims n sh) i = true ->
  snd (sem1 n E (gather sh f a)) i = snd (nth a E tnone) (imap f i).
Proof. intro I. unfold gather. rewrite one_sem by auto. lia. Qed.
Ltac follow := rewrite gather_element by inside; cbn [imap map ieval nth].

(* The jumps of a staircase whose thresholds are constants. *)
Lemma step_jumps js n i : jumpsat (map (fun j => (CK (fst j), snd j)) js) n i = js.
Proof. unfold jumpsat. rewrite map_map. rewrite <- map_id. apply map_ext. now intros []. Qed.

(* An element of a staircase. *)
Lemma step_sem n E base js a i : inb (fst (nth a E tnone)) i = true ->
  snd (sem1 n E (step base js a)) i = stair base js (snd (nth a E tnone) i).
Proof.
  intro I. unfold step. cbn [sem1 snd]. now rewrite table_eq, I, step_jumps.
Qed.

(* ---- tensors of n positions ---- *)

(* The tensor t has n positions of d features, which are those of X. *)
Definition holds (t : tensor) (n d : nat) (X : nat -> nat -> Z) : Prop :=
  fst t = [n; d] /\ forall i f, (i < n)%nat -> (f < d)%nat -> snd t [i; f] = X i f.

(* It has also equal features. *)
Lemma holds_ext t n d X Y : holds t n d X ->
  (forall i f, (i < n)%nat -> (f < d)%nat -> X i f = Y i f) -> holds t n d Y.
Proof. intros [S H] E. split; [exact S |]. intros i f I F. now rewrite H, E. Qed.

(* Its elements, position by position. *)
Lemma elements_holds t n d X : holds t n d X ->
  elements t = flat_map (fun i => map (fun f => X i f) (seq 0 d)) (seq 0 n).
Proof.
  intros [S H]. unfold elements.
  rewrite S, box2, flat_map_concat_map, concat_map, map_map, flat_map_concat_map.
  f_equal. apply map_ext_in. intros i I. apply in_seq in I.
  rewrite map_map. apply map_ext_in. intros f F. apply in_seq in F.
  apply H; lia.
Qed.

(* The input of p bits for each feature. *)
Lemma input_holds n d p x : holds (sem0 (integers [pn; [d]] p) n 0 x) n d (decode d p x).
Proof.
  split; [cbn [sem0 fst integers in_shape]; now lengths |]. intros i k I K. unfold sem0, wire.
  cbn [integers in_shape in_base in_bits in_place snd]. lengths. rewrite table_eq, inb2 by auto.
  unfold decode, twos. cbn [ravel]. now rewrite Nat.add_0_l, Z.add_0_l.
Qed.

(* W y + b, position by position. *)
Lemma linear_sem n E d d' W b a X :
  (forall i k, (i < n)%nat -> (k < d)%nat -> snd (nth a E tnone) [i; k] = X i k) ->
  holds (sem1 n E (linear [pn; [d']] [d] 1 W b a)) n d'
    (fun i o => nth o b 0 + bigsum d (fun k => nth k (nth o W []) 0 * X i k)).
Proof.
  intro HX. unfold linear. split; [cbn [sem1 fst]; now lengths |]. intros i o I O.
  cbn [seq map app]. rewrite sum_sem by inside. lengths. rewrite zsum_box1. f_equal.
  - destruct b; [now destruct o | reflexivity].
  - apply bigsum_ext. intros k K. cbn [cval app nth imap map ieval]. now rewrite HX.
Qed.

(* Without b. *)
Lemma linear_holds n E d d' W a X : holds (nth a E tnone) n d X ->
  holds (sem1 n E (linear [pn; [d']] [d] 1 W [] a)) n d' (project d X W).
Proof.
  intros [_ H]. eapply holds_ext; [exact (linear_sem n E d d' W [] a X H) |].
  intros i o _ _. cbn beta. replace (nth o [] 0) with 0 by now destruct o. reflexivity.
Qed.

(* A staircase. *)
Lemma step_holds n E d base js a X : holds (nth a E tnone) n d X ->
  holds (sem1 n E (step base js a)) n d (fun i f => stair base js (X i f)).
Proof.
  intros [S H]. split; [exact S |]. intros i f I F.
  rewrite step_sem by (rewrite S; now apply inb2). now rewrite H.
Qed.

(* A sum. *)
Lemma add_holds n E d a b X Y : holds (nth a E tnone) n d X -> holds (nth b E tnone) n d Y ->
  holds (sem1 n E (OAdd a b)) n d (fun i f => X i f + Y i f).
Proof.
  intros [S H] [_ G]. split; [exact S |]. intros i f I F.
  cbn [sem1 snd]. rewrite S, table_eq, inb2 by auto. now rewrite H, G.
Qed.

(* A product, element by element. *)
Lemma times_holds n E d a b X Y : holds (nth a E tnone) n d X -> holds (nth b E tnone) n d Y ->
  holds (sem1 n E (OCon [pn; [d]] [] [IV 0; IV 1] [IV 0; IV 1] a b)) n d (fun i f => X i f * Y i f).
Proof.
  intros [_ H] [_ G]. split; [cbn [sem1 fst]; now lengths |]. intros i f I F.
  multiply. now rewrite H, G.
Qed.

(* ---- certificates ---- *)

(* From what is certified of a concrete program, shows that it computes what a theorem says that a
   block means, if the program is that block. What the theorem asks for is known or is computed. *)
Ltac certify_meaning certificate block theorem :=
  let n := fresh "n" in let Hn := fresh in intros n Hn;
  let W := fresh in let D := fresh in let S := fresh in let V := fresh in
  destruct (certificate n Hn) as (W & D & S & V);
  split; [exact W | split; [exact D | split; [exact S |]]];
  let x := fresh in intro x; rewrite V;
  lazymatch goal with
  | |- meaning ?program _ _ = _ =>
    let E := fresh in assert (E : program = block) by reflexivity; rewrite E
  end;
  apply theorem;
  first [ assumption | solve [repeat constructor; assumption]
        | vm_compute; first [reflexivity | discriminate] ].
